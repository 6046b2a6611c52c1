/**
 * Words that occur nowhere else, each in one text that some accounts may not read: whoever reads a word has read that
 * text. The first letters tell a word from all others, so that it is known where a text was cut, too.
 */
export class Canaries {
  /** All of them. */
  readonly words: string[] = [];
  private readonly labels = new Map<string, string>();

  /** @param owner one small letter that tells these words from those of other canaries */
  constructor(private readonly owner: string) {}

  /** @param label what the text is */
  word(label: string): string {
    const stem = `zq${this.owner}${String(this.labels.size + 1).padStart(3, '0')}`;
    this.labels.set(stem, label);
    const word = `${stem}${label.replaceAll(/[^a-z]/gi, '').toLowerCase()}qz`;
    this.words.push(word);
    return word;
  }

  /** What all of them are. */
  get texts(): string[] {
    return [...this.labels.values()];
  }

  /** Labels of the words that a text holds. */
  in(text: string): string[] {
    const found = new Set(text.match(new RegExp(`zq${this.owner}\\d{3}`, 'gi')));
    return [...found].map((stem) => this.labels.get(stem.toLowerCase()) ?? stem);
  }
}
