// The same words stand in every object: their texts are made once, and what they mean is looked up once.

/** The last word wins its place: as many words as this are remembered at most. */
const PLACES = 4096;

/** Parts of texts and what they mean. */
export class KnownWords<T> {
  readonly #words: string[] = new Array(PLACES).fill('');
  readonly #meanings: T[] = new Array(PLACES);
  readonly #meaning: (word: string) => T;

  constructor(meaning: (word: string) => T) {
    this.#meaning = meaning;
  }

  /** `hash`: of the characters from `start` up to `end`, of which there is one at least. */
  meaningOf(text: string, start: number, end: number, hash: number): T {
    const place = (hash ^ (hash >>> 12)) & (PLACES - 1);
    const known = this.#words[place]!;
    if (known.length === end - start && stands(known, text, start)) return this.#meanings[place]!;
    const word = text.slice(start, end);
    const meaning = this.#meaning(word);
    this.#words[place] = word;
    this.#meanings[place] = meaning;
    return meaning;
  }
}

function stands(word: string, text: string, start: number): boolean {
  for (let i = 0; i < word.length; i++) if (word.charCodeAt(i) !== text.charCodeAt(start + i)) return false;
  return true;
}
