// GSM 03.38: the basic table, and the extension table whose characters take an escape and so two septets.
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const EXTENDED = '\f^{}\\[~]|€';

const GSM = new Map<string, number>([
  ...[...BASIC].map((c): [string, number] => [c, 1]), ...[...EXTENDED].map((c): [string, number] => [c, 2]),
]);

interface Segments {
  encoding: 'GSM-7' | 'UCS-2';
  segments: number;
}

/**
 * How many parts a text is sent in: 160 septets in one or 153 in each of several, but 70 and 67 UTF-16 units as soon
 * as one character is outside GSM-7 (facts D.6). A character is not split over two parts.
 */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const gsm = characters.every((character) => GSM.has(character));
  const costs = characters.map((character) => (gsm ? GSM.get(character)! : character.length));
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const encoding = gsm ? 'GSM-7' : 'UCS-2';
  if (total <= single) return { encoding, segments: 1 };
  let segments = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > part) {
      segments += 1;
      used = 0;
    }
    used += cost;
  }
  return { encoding, segments };
}
