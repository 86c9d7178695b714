import { Button, TextInput } from '@mantine/core';

interface FolderPathFormProps {
  /** What the folder is, as in "case folder". */
  what: string;
  /** What happens next, on the button. */
  action: string;
  busy?: boolean;
  path: string;
  onType: (path: string) => void;
  onPath: (path: string) => void;
  onCancel: () => void;
}

/** A folder's path, typed where the system offers no dialog. */
export function FolderPathForm({ what, action, busy = false, path, onType, onPath, onCancel }: FolderPathFormProps) {
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (path.trim() !== '') onPath(path.trim());
      }}
    >
      <TextInput
        autoFocus
        aria-label={`Path of the ${what}`}
        placeholder={`Path of the ${what} on this computer`}
        w={340}
        value={path}
        onChange={(event) => {
          onType(event.currentTarget.value);
        }}
      />
      <Button type="submit" loading={busy}>
        {action}
      </Button>
      <Button variant="subtle" color="gray" onClick={onCancel}>
        Cancel
      </Button>
    </form>
  );
}
