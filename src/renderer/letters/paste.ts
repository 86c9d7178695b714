import { Extension, type Editor } from '@tiptap/core';
import { Plugin, TextSelection } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { cleanHtml, type Cleaned } from './paste-cleaner.ts';
import { pasteLarge, type PasteProgress } from './paste-large.ts';
import { textToParagraphs } from './paste-text.ts';
import type { PasteOptions } from './paste-tree.ts';
import { leftOutWords, pictureWords, tooLargeWords } from './paste-words.ts';

/** More HTML than that is read in pieces, with its progress told. */
const mostAtOnce = 300_000;
/** Characters of HTML that are looked at: Word writes ten for one of text, and pictures may stand in it. */
const mostHtml = 120_000_000;

export interface PasteDesk {
  isKnown: (variable: string) => boolean;
  /** What a person should know of what was pasted. */
  say: (text: string) => void;
  onProgress: (progress: PasteProgress | null) => void;
}

/** What is pasted or dropped into the letter comes in clean (paste-cleaner.ts); pictures and files do not come in, and that is said. */
export function cleanPaste(desk: PasteDesk): Extension {
  return Extension.create({
    name: 'cleanPaste',
    addProseMirrorPlugins() {
      const { editor } = this;
      return [
        new Plugin({
          props: {
            handleDOMEvents: {
              paste: (view, event) => view.editable && takeIn(editor, view, event.clipboardData, event, desk),
              drop(view, event) {
                // what is moved inside the letter is the editor's own to move
                if (!view.editable || view.dragging) return false;
                const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
                if (at) view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at.pos))));
                return takeIn(editor, view, event.dataTransfer, event, desk);
              },
            },
          },
        }),
      ];
    },
  });
}

function takeIn(editor: Editor, view: EditorView, data: DataTransfer | null, event: ClipboardEvent | DragEvent, desk: PasteDesk): boolean {
  if (!data) return false;
  const html = data.getData('text/html');
  const text = data.getData('text/plain');
  // a part of a letter of ours, with its chips: the editor reads it by its schema
  if (html.includes('data-pm-slice') && html.length <= mostAtOnce) return false;
  event.preventDefault();
  if (html === '' && text === '') {
    // files are not looked into: however large they are, nothing of them is read
    if (data.types.includes('Files')) desk.say(pictureWords);
    return true;
  }
  if (html.length > mostHtml || text.length > mostHtml) {
    desk.say(tooLargeWords(null));
    return true;
  }
  const options: PasteOptions = { hasTables: 'table' in view.state.schema.nodes, isKnown: desk.isKnown };
  if (html.length > mostAtOnce || (html === '' && text.length > mostAtOnce)) {
    void pasteLarge(editor, { html, text, options, ...desk });
    return true;
  }
  const cleaned = html === '' ? null : cleanHtml(html, options);
  // a viewer of PDFs may give HTML of pictures of letters
  const blocks = cleaned && (cleaned.blocks.length > 0 || text.trim() === '') ? cleaned.blocks : textBlocks(text, options);
  if (blocks.length > 0) view.pasteHTML(blocks.join(''), event as ClipboardEvent);
  tellLeft(cleaned, desk);
  return true;
}

export function textBlocks(text: string, options: PasteOptions): string[] {
  const escaped = textToParagraphs(text).map((line) => `<pre>${line.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</pre>`);
  return cleanHtml(escaped.join(''), options).blocks;
}

export function tellLeft(cleaned: Cleaned | null, desk: Pick<PasteDesk, 'say'>): void {
  const words = cleaned && leftOutWords(cleaned.left);
  if (words) desk.say(words);
}
