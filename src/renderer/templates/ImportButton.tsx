import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef } from 'react';
import type { AppError } from '../../shared/errors.ts';
import type { ImportedDocx } from '../../shared/template-import.ts';
import { useCommand } from '../client.ts';
import { bytesToBase64 } from '../ui/base64.ts';

const mostBytes = 20_000_000;

interface ImportButtonProps {
  onRead: (fileName: string, read: ImportedDocx) => void;
  /** null: what was wrong before is not any more. */
  onError: (error: AppError | null) => void;
}

/** Takes a letter that the firm uses, as Word has it. */
export function ImportButton({ onRead, onError }: ImportButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  const readDocx = useCommand('templates.readDocx');
  const take = async (file: File) => {
    if (file.size > mostBytes) {
      onError({
        code: 'unsupported',
        what: `the file ${file.name}`,
        reason: 'It is larger than 20 MB. Take the pictures out of it and save it again.',
      });
      return;
    }
    const bytes = new Uint8Array(await file.arrayBuffer());
    const read = await readDocx.run({ fileName: file.name.slice(-255), bytes: bytesToBase64(bytes) });
    onError(read.ok ? null : read.error);
    if (read.ok) onRead(file.name, read.value);
  };
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept=".docx"
        hidden
        aria-label="Word document"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void take(file);
          event.currentTarget.value = '';
        }}
      />
      <Button
        variant="default"
        loading={readDocx.busy}
        leftSection={<IconFileImport size={14} />}
        onClick={() => {
          picker.current?.click();
        }}
      >
        Import from Word…
      </Button>
    </>
  );
}
