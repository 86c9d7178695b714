import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { explain, type AppError } from '../../shared/errors.ts';

const undoForMs = 6000;

/** What waits for its time to be undone to pass. */
const waiting = new Set<ReturnType<typeof setTimeout>>();

/** Another person comes to this window: what was told here is not theirs to read, and what could still be undone is not done in their name. */
export function forgetTold(): void {
  for (const timer of waiting) clearTimeout(timer);
  waiting.clear();
  notifications.clean();
}

/**
 * Does something that cannot be taken back only after the user had time to say no; nothing happens if the window
 * closes meanwhile, which loses nothing.
 */
export function doUnlessUndone(text: string, action: () => void, onUndo?: () => void): void {
  const id = crypto.randomUUID();
  const timer = setTimeout(() => {
    waiting.delete(timer);
    notifications.hide(id);
    action();
  }, undoForMs);
  waiting.add(timer);
  const undo = () => {
    clearTimeout(timer);
    waiting.delete(timer);
    notifications.hide(id);
    onUndo?.();
  };
  notifications.show({
    id,
    autoClose: false,
    withCloseButton: false,
    message: (
      <span className="row">
        {text}
        <Button variant="subtle" className="push" onClick={undo}>
          Undo
        </Button>
      </span>
    ),
  });
}

/** A quiet line that goes away by itself, with a way back where there is one. */
export function tell(text: string, undo?: () => void): void {
  const id = crypto.randomUUID();
  const back = undo && (
    <Button
      variant="subtle"
      className="push"
      onClick={() => {
        notifications.hide(id);
        undo();
      }}
    >
      Undo
    </Button>
  );
  notifications.show({
    closeButtonProps: { 'aria-label': 'Dismiss' },
    id,
    autoClose: undoForMs,
    message: (
      <span className="row">
        {text}
        {back}
      </span>
    ),
  });
}

/** A line that stays until it was read, with a way to more. */
export function tellWith(text: string, label: string, action: () => void): void {
  const id = crypto.randomUUID();
  notifications.show({
    closeButtonProps: { 'aria-label': 'Dismiss' },
    id,
    autoClose: false,
    message: (
      <span className="row">
        {text}
        <Button
          variant="subtle"
          className="push"
          style={{ flex: 'none' }}
          onClick={() => {
            notifications.hide(id);
            action();
          }}
        >
          {label}
        </Button>
      </span>
    ),
  });
}

/** A failure as one line for `tell`, where there is no place for a notice. */
export function sentenceOf(error: AppError): string {
  const { title, advice } = explain(error);
  return `${title} ${advice}`;
}
