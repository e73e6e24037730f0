/** Waits until `test` holds, whatever the load of the machine; what it said last. Never rejects: the caller says what it expected. */
export async function until(test: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<boolean> {
  const end = performance.now() + limitMs;
  while (!(await test())) {
    if (performance.now() > end) return false;
    await new Promise((done) => setTimeout(done, 20));
  }
  return true;
}
