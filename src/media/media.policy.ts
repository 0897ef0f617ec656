/** What staff may open. Whatever a browser would run as a page or a program of ours (HTML, SVG, scripts) is not among it. */
const ACCEPTED = [
  /^image\/(jpeg|png|gif|webp|heic|heif|bmp|tiff)$/, /^audio\//, /^video\//, /^application\/pdf$/, /^text\/(plain|csv|vcard|x-vcard|directory|calendar)$/,
  /^application\/(msword|vnd\.ms-excel|vnd\.ms-powerpoint|vnd\.openxmlformats-officedocument\.[a-z.]+|vnd\.oasis\.opendocument\.[a-z]+|rtf|x-cfb)$/,
];
/** Kinds that bear no mark at their beginning by which they could be known, so the sender's word has to do. */
const UNMARKED = /^text\/(plain|csv|vcard|x-vcard|directory|calendar)$/;
const SHOWN_IN_PLACE = /^(image\/(jpeg|png|gif|webp)|audio\/|video\/)/;

/**
 * What a file is: by its own first bytes, else, for kinds that have no such mark, by what it is said to be.
 *
 * @param detected from the bytes; undefined when they are nothing known
 * @returns null when it is nothing that we keep
 */
export function typeOf(detected: string | undefined, declared: string): string | null {
  const said = declared.split(';')[0]!.trim().toLowerCase();
  const type = detected ?? (UNMARKED.test(said) ? said : undefined);
  return type && ACCEPTED.some((accepted) => accepted.test(type)) ? type : null;
}

/** Whether a browser may show it where it stands. All else is a download. */
export const isShownInPlace = (contentType: string): boolean => SHOWN_IN_PLACE.test(contentType);

/** The pictures that models take in (https://platform.openai.com/docs/guides/images-vision): these types, and not of any size. */
export const isForModels = (contentType: string, size: number): boolean => /^image\/(jpeg|png|gif|webp)$/.test(contentType) && size <= 5_000_000;
