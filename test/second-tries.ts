// A reporter: names what passed only at its second try. On CI a test is tried again once, because a machine that others load
// makes sockets and processes late; what that hides is said here.

import type { Reporter, TestCase } from 'vitest/node';

export default class SecondTries implements Reporter {
  private readonly names: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.names.push(`${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestRunEnd(): void {
    for (const name of this.names) process.stdout.write(`passed only at the second try: ${name}\n`);
  }
}
