// A password that is easy to read out and hard to guess.

// Without letters and digits that look alike.
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const LENGTH = 5;

/** Twenty random letters in groups: 99 bits. */
export function suggestPassword(): string {
  // What does not divide evenly is drawn again, so that no letter comes more often.
  const limit = 256 - (256 % LETTERS.length);
  const letters: string[] = [];
  while (letters.length < GROUPS * LENGTH)
    for (const byte of crypto.getRandomValues(new Uint8Array(32)))
      if (byte < limit) letters.push(LETTERS[byte % LETTERS.length]!);
  return Array.from({ length: GROUPS }, (_, at) => letters.slice(at * LENGTH, (at + 1) * LENGTH).join("")).join("-");
}
