import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PDFiumDocument } from '@hyzyla/pdfium';

/** The raw functions of PDFium that the package's own types leave out; boxes and units are PDFium's (points, origin bottom left). */
export interface RawPdfium {
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageWidth(page: number): number;
  _FPDF_GetPageHeight(page: number): number;
  _FPDF_GetPageSizeByIndex(document: number, index: number, width: number, height: number): number;
  _FPDF_PageToDevice(
    page: number,
    startX: number,
    startY: number,
    sizeX: number,
    sizeY: number,
    rotate: number,
    x: number,
    y: number,
    outX: number,
    outY: number,
  ): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(textPage: number): void;
  _FPDFText_CountChars(textPage: number): number;
  _FPDFText_GetUnicode(textPage: number, index: number): number;
  _FPDFText_GetLooseCharBox(textPage: number, index: number, rect: number): number;
  _FPDFPage_CountObjects(page: number): number;
  _FPDFPage_GetObject(page: number, index: number): number;
  _FPDFPageObj_GetType(object: number): number;
  _FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number;
  _FPDFPath_GetDrawMode(path: number, fillMode: number, stroke: number): number;
  _FPDFText_GetTextObject(textPage: number, index: number): number;
  _FPDFText_GetFillColor(textPage: number, index: number, r: number, g: number, b: number, alpha: number): number;
  _FPDFTextObj_GetTextRenderMode(object: number): number;
  _FPDFPage_GetAnnotCount(page: number): number;
  _FPDFPage_GetAnnot(page: number, index: number): number;
  _FPDFPage_CloseAnnot(annotation: number): void;
  _FPDFAnnot_GetSubtype(annotation: number): number;
  _FPDFAnnot_GetStringValue(annotation: number, key: number, buffer: number, bufferBytes: number): number;
  _FPDFDoc_GetAttachmentCount(document: number): number;
  wasmExports: { malloc(size: number): number; free(pointer: number): void };
  readonly HEAPU8: Uint8Array;
}

export interface OpenPdf {
  raw: RawPdfium;
  document: PDFiumDocument;
  documentIdx: number;
  pageCount: number;
}

export type PdfOpening = { ok: true; pdf: OpenPdf } | { ok: false; why: 'encrypted' | 'damaged' };

let library: ReturnType<typeof PDFiumLibrary.init> | null = null;
let functions: RawPdfium | null = null;

/** PDFium's functions as they are compiled. The package's own look at each call whether it may be made; a page takes thousands of calls. */
function functionsOf(module: RawPdfium): RawPdfium {
  const compiled = module.wasmExports as unknown as Record<string, unknown>;
  const direct = Object.fromEntries(
    Object.keys(module).flatMap((name) => (name.startsWith('_FPDF') && compiled[name.slice(1)] ? [[name, compiled[name.slice(1)]]] : [])),
  );
  return Object.create(module, Object.getOwnPropertyDescriptors(direct)) as RawPdfium;
}

/** Opens a PDF that needs no password. The caller must close `pdf.document` with destroy(). */
export async function openPdf(bytes: Uint8Array): Promise<PdfOpening> {
  library ??= PDFiumLibrary.init();
  const loaded = await library;
  functions ??= functionsOf((loaded as unknown as { module: RawPdfium }).module);
  const raw = functions;
  try {
    const document = await loaded.loadDocument(bytes);
    const documentIdx = (document as unknown as { documentIdx: number }).documentIdx;
    return { ok: true, pdf: { raw, document, documentIdx, pageCount: document.getPageCount() } };
  } catch (error) {
    // An out-of-memory abort leaves the WASM instance unusable; it must reach the worker's caller as it is.
    if (error instanceof Error && error.name === 'RuntimeError') throw error;
    const message = error instanceof Error ? error.message.toLowerCase() : '';
    return { ok: false, why: message.includes('password') || message.includes('security') ? 'encrypted' : 'damaged' };
  }
}

/** Runs `use` with `size` bytes of PDFium's memory and frees them. */
export function withMemory<T>(raw: RawPdfium, size: number, use: (pointer: number) => T): T {
  const pointer = raw.wasmExports.malloc(size);
  try {
    return use(pointer);
  } finally {
    raw.wasmExports.free(pointer);
  }
}
