import type { Editor } from '@tiptap/core';
import { DOMParser as SchemaParser, type Node } from '@tiptap/pm/model';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, yUndoPluginKey } from '@tiptap/y-tiptap';
import type { RelativePosition } from 'yjs';
import { boundTo } from '../presence/place.ts';
import { createCleaner, type Cleaned } from './paste-cleaner.ts';
import { textToParagraphs } from './paste-text.ts';
import type { PasteOptions } from './paste-tree.ts';
import { charactersOfPage, leftOutWords, tooLargeWords } from './paste-words.ts';
import { unmergeTables } from './unmerge-tables.ts';

export interface PasteProgress {
  text: string;
  /** Of 1. */
  done: number;
  stop: () => void;
}

/**
 * Characters of text that go into a letter at once, about five hundred pages, and that a letter may hold then. An edit that travels may have 20 MB (shared/letters.ts); this
 * is far below, also as Yjs and base64 write it.
 */
const [mostPasted, mostInLetter] = [1_500_000, 3_000_000];
/** HTML that is read, and blocks that are put in, before the window gets its turn. */
const [htmlAtOnce, blocksAtOnce] = [200_000, 40];

interface LargePaste {
  html: string;
  text: string;
  options: PasteOptions;
  say: (text: string) => void;
  onProgress: (progress: PasteProgress | null) => void;
}

/**
 * Puts a long document into the letter piece by piece, so that the window stays alive and each piece is saved as any edit is. Meanwhile nobody types here; colleagues may, and
 * the place is kept. One undo takes all of it back, and so does Stop. What is too large is refused before anything has changed.
 */
export async function pasteLarge(editor: Editor, { html, text, options, say, onProgress }: LargePaste): Promise<void> {
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  const tell = (words: string, done: number): void => {
    onProgress({ text: words, done, stop });
  };
  editor.setEditable(false, false);
  try {
    tell('Reading what was pasted', 0);
    await turn();
    const cleaned = await readInPieces(
      html,
      text,
      options,
      (done) => {
        tell('Reading what was pasted', done * 0.3);
      },
      () => isStopped || editor.isDestroyed,
    );
    if (!cleaned || editor.isDestroyed) return;
    if (cleaned.size > mostPasted || editor.state.doc.content.size + cleaned.size > mostInLetter) {
      say(tooLargeWords(cleaned.size));
      return;
    }
    const pages = Math.max(1, Math.round(cleaned.size / charactersOfPage));
    const isAll = await putIn(
      editor,
      cleaned.blocks,
      (done) => {
        tell(`Pasting about ${String(pages)} ${pages === 1 ? 'page' : 'pages'}`, 0.3 + done * 0.7);
      },
      () => isStopped,
    );
    say(
      isAll
        ? (leftOutWords(cleaned.left) ?? `About ${String(pages)} ${pages === 1 ? 'page was' : 'pages were'} pasted.`)
        : 'Stopped. The letter is as it was.',
    );
  } finally {
    onProgress(null);
    if (!editor.isDestroyed) {
      editor.setEditable(true, false);
      editor.view.focus();
    }
  }
}

/** Null where it was stopped. */
async function readInPieces(
  html: string,
  text: string,
  options: PasteOptions,
  onDone: (done: number) => void,
  isStopped: () => boolean,
): Promise<Cleaned | null> {
  const cleaner = createCleaner(options);
  const pieces = html === '' ? textToParagraphs(text) : null;
  const length = html === '' ? (pieces?.length ?? 0) : html.length;
  const step = html === '' ? 500 : htmlAtOnce;
  for (let at = 0; at < length; at += step) {
    if (pieces)
      for (const line of pieces.slice(at, at + step)) cleaner.write(`<pre>${line.replace(/&/g, '&amp;').replace(/</g, '&lt;')}</pre>`);
    else cleaner.write(html.slice(at, at + step));
    onDone(Math.min(1, (at + step) / length));
    await turn();
    if (isStopped()) return null;
  }
  return cleaner.end();
}

/** False where it was stopped, and taken back. */
async function putIn(
  editor: Editor,
  blocks: readonly string[],
  onDone: (done: number) => void,
  isStopped: () => boolean,
): Promise<boolean> {
  const parser = SchemaParser.fromSchema(editor.schema);
  const history = historyOf(editor);
  const wasTimeout = history?.captureTimeout ?? 0;
  history?.stopCapturing();
  // one step of undo, however long it takes
  if (history) history.captureTimeout = Number.MAX_SAFE_INTEGER;
  let place = begin(editor);
  let changes = 0;
  try {
    for (let at = 0; at < blocks.length; at += blocksAtOnce) {
      const element = document.createElement('div');
      element.innerHTML = unmergeTables(blocks.slice(at, at + blocksAtOnce).join(''));
      const nodes: Node = parser.parse(element);
      const position = Math.min(findAgain(editor, place), editor.state.doc.content.size);
      editor.view.dispatch(editor.state.tr.insert(position, nodes.content).setMeta('paste', true));
      changes += 1;
      place = remember(editor, position + nodes.content.size);
      onDone(Math.min(1, (at + blocksAtOnce) / blocks.length));
      await turn();
      if (editor.isDestroyed) return true; // its letter was left: what is in it is saved
      if (isStopped()) {
        if (changes > 0) editor.commands.undo();
        return false;
      }
    }
    editor.commands.setTextSelection(Math.max(0, findAgain(editor, place) - 1));
    return true;
  } finally {
    if (history) history.captureTimeout = wasTimeout;
    history?.stopCapturing();
  }
}

/** Makes room at the caret, between two blocks of the letter's top, and says where. */
function begin(editor: Editor): Place {
  const { state } = editor;
  const tr = state.tr.deleteSelection();
  const { $from } = tr.selection;
  let position: number;
  if ($from.depth === 1 && $from.parent.isTextblock && $from.parent.content.size === 0 && tr.doc.childCount > 1) {
    position = $from.before(1);
    tr.delete(position, $from.after(1));
  } else if ($from.depth === 1 && $from.parentOffset > 0 && $from.parentOffset < $from.parent.content.size) {
    tr.split($from.pos);
    position = $from.pos + 1;
  } else position = $from.depth === 0 ? $from.pos : $from.parentOffset === 0 && $from.depth === 1 ? $from.before(1) : $from.after(1);
  if (tr.docChanged) editor.view.dispatch(tr);
  return remember(editor, position);
}

/** A position, in words that hold while colleagues write before it. */
type Place = { position: number; relative: RelativePosition | null };

function remember(editor: Editor, position: number): Place {
  const bound = boundTo(editor.state);
  return {
    position,
    relative: bound && (absolutePositionToRelativePosition(position, bound.type, bound.binding.mapping) as RelativePosition),
  };
}

function findAgain(editor: Editor, { position, relative }: Place): number {
  const bound = boundTo(editor.state);
  return (bound && relative && relativePositionToAbsolutePosition(bound.doc, bound.type, relative, bound.binding.mapping)) ?? position;
}

interface History {
  captureTimeout: number;
  stopCapturing(): void;
}
function historyOf(editor: Editor): History | null {
  return (yUndoPluginKey.getState(editor.state) as { undoManager: History } | undefined)?.undoManager ?? null;
}

/** Lets the window draw, and answer to who presses Stop. */
const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0);
  });
