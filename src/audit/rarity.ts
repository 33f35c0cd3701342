/** How much it says that two share something: little of a round number, little of what everybody has. Pure. */

/**
 * What most siblings have is the house's, the library's or the specification's, though no text says so; a fifth stays, or
 * items that are all copies of each other would share nothing. Of two items nothing is common, only shared.
 *
 * @param count - how many of the items have it.
 * @param all - how many items there are.
 */
export function rarityOf(count: number, all: number): number {
  if (count <= 2) return 1;
  return Math.max(leastRarity, Math.log((all + 1) / count) / Math.log((all + 1) / 2));
}

const leastRarity = 0.2;

/** How much a number of a row tells: `97.3` much, `4` half as much, `100` or a year hardly anything. */
export function weightInRow(number: string): number {
  if (/^[1-9]$/.test(number)) return 0.5;
  if (isCommon(number)) return 0.2;
  const digits = significantDigits(number);
  if (digits.length === 1) return 0.3;
  if (digits.length > 2) return 1.3;
  return digits.endsWith('5') ? 0.8 : 1;
}

/** The same of a number that stands by itself, where most are sizes. */
export function weightAlone(number: string): number {
  if (isCommon(number)) return 0.2;
  const digits = significantDigits(number);
  if (digits.length === 1) return 0;
  if (digits.length > 2) return 1;
  return digits.endsWith('5') ? 0.5 : 0.6;
}

/** `0.250` and `2500` have two: what is left without leading and trailing zeros. */
export function significantDigits(number: string): string {
  const [mantissa = ''] = number.split('e');
  return mantissa.replaceAll(/[^\d]/g, '').replace(/^0+/, '').replace(/0+$/, '') || '0';
}

/** Seeds that everybody takes, constants of well-known generators, years, full turns and powers of two. */
const common = new Set(
  `0 1 2 42 123 1234 12345 1337 180 360 365 255 256 512 1024 2048 4096 65535 65536 16807 9301 49297 233280 1103515245 12820163
   1664525 1013904223 2147483647 2147483648 4294967295 4294967296 1831565813 3.14 3.14159 3.141592653589793`.split(
    /\s+/,
  ),
);

function isCommon(number: string): boolean {
  return common.has(number) || /^(?:19|20)\d\d$/.test(number);
}
