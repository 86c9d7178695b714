import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Of the language, but in no library of types that Node's programs have. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<object> };

let code: Promise<object | null> | null = null;

/**
 * Keeps PDFium's compiled code in this process for as long as it runs: V8 shares it among the threads that run the same bytes, and forgets it with the last of them. Without this each worker
 * compiles it anew, which takes as long as reading two hundred pages. To be called on the thread that starts the workers.
 */
export function keepPdfiumCode(): void {
  code ??= readFile(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm'))
    .then((bytes) => WebAssembly.compile(bytes))
    // a worker that cannot load it either says so of the file it was to read
    .catch(() => null);
}
