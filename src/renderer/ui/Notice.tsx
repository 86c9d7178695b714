import type { ReactNode } from 'react';
import { explain, type AppError } from '../../shared/errors.ts';

interface NoticeProps {
  /** block: stops the work. ask: wants a decision. tell: good to know. */
  tone: 'block' | 'ask' | 'tell';
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}

export function Notice({ tone, title, children, actions }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'block' ? 'alert' : 'status'}>
      <div>
        <p>
          <strong>{title}</strong>
        </p>
        {children !== undefined && <p>{children}</p>}
      </div>
      {actions !== undefined && <div className="actions">{actions}</div>}
    </div>
  );
}

/** An error in a person's words: what happened, what was kept, what to do. */
export function ErrorNotice({ error, actions }: { error: AppError; actions?: ReactNode }) {
  const { title, advice } = explain(error);
  return (
    <Notice tone={error.code === 'offline' || error.code === 'core_gone' ? 'ask' : 'block'} title={title} actions={actions}>
      {advice}
    </Notice>
  );
}
