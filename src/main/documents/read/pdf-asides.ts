import { withMemory, type RawPdfium } from './pdfium.ts';

/** What PDF programs show over a page and PDFium's text of the page does not hold. */
const [noteType, freeTextType, widgetType] = [1, 3, 20];
const mostAnnotations = 5_000;

/** Fields that somebody filled in, and notes that somebody wrote, on one loaded page. */
export function hasUnreadAsides(raw: RawPdfium, page: number): boolean {
  const count = Math.min(raw._FPDFPage_GetAnnotCount(page), mostAnnotations);
  for (let index = 0; index < count; index += 1) {
    const annotation = raw._FPDFPage_GetAnnot(page, index);
    if (!annotation) continue;
    const type = raw._FPDFAnnot_GetSubtype(annotation);
    const key = type === widgetType ? 'V' : type === freeTextType || type === noteType ? 'Contents' : null;
    const isFilled = key !== null && hasWords(raw, annotation, key);
    raw._FPDFPage_CloseAnnot(annotation);
    if (isFilled) return true;
  }
  return false;
}

function hasWords(raw: RawPdfium, annotation: number, key: string): boolean {
  return withMemory(raw, 16, (pointer) => {
    raw.HEAPU8.set(Buffer.from(`${key}\0`, 'latin1'), pointer);
    // UTF-16 with two zero bytes at its end
    return raw._FPDFAnnot_GetStringValue(annotation, pointer, 0, 0) > 2;
  });
}
