import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { WholeTemplate } from '../../shared/template-content.ts';
import type { TemplateId, VersionId } from '../../shared/ids.ts';
import { useBridge } from '../client.ts';
import { forgetUnsaved, watchUnsaved } from '../unsaved.ts';

const saveAfterMs = 700;

export interface Draft {
  content: WholeTemplate;
  change(next: (before: WholeTemplate) => WholeTemplate): void;
  /** saved: core has it. */
  state: 'untouched' | 'unsaved' | 'saved';
  /** Why the last save failed; the words stay in the window. */
  error: AppError | null;
  /** True once nothing is left to save. */
  flush(): Promise<boolean>;
  /** What was changed since is not to be saved any more: it was published, or given up. */
  forget(): void;
}

/** What is being written, kept with core a moment after each change. */
export function useDraft(templateId: TemplateId, first: WholeTemplate, basedOn: VersionId | null, wasDraft: boolean): Draft {
  const bridge = useBridge();
  const [content, setContent] = useState(first);
  const [state, setState] = useState<Draft['state']>(wasDraft ? 'saved' : 'untouched');
  const [error, setError] = useState<AppError | null>(null);
  const waiting = useRef<WholeTemplate | null>(null);
  const latest = useRef(first);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const flush = useCallback(async (): Promise<boolean> => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    const wanted = waiting.current;
    if (wanted === null) return true;
    const saved = await bridge.call('templates.saveDraft', { templateId, content: wanted, basedOn });
    setError(saved.ok ? null : saved.error);
    if (!saved.ok) return false;
    // more may have been typed meanwhile
    if (waiting.current === wanted) {
      waiting.current = null;
      setState('saved');
    }
    return waiting.current === null;
  }, [bridge, templateId, basedOn]);

  const change = useCallback(
    (next: (before: WholeTemplate) => WholeTemplate) => {
      latest.current = next(latest.current);
      waiting.current = latest.current;
      setContent(latest.current);
      setState('unsaved');
      if (timer.current) clearTimeout(timer.current);
      timer.current = setTimeout(() => void flush(), saveAfterMs);
    },
    [flush],
  );

  const forget = useCallback(() => {
    if (timer.current) clearTimeout(timer.current);
    timer.current = null;
    waiting.current = null;
  }, []);

  useEffect(() => {
    const source = { flush, isClean: () => waiting.current === null };
    watchUnsaved(source);
    return () => {
      void flush().then((isSaved) => {
        if (isSaved) forgetUnsaved(source);
      });
    };
  }, [flush]);

  return { content, change, state, error, flush, forget };
}
