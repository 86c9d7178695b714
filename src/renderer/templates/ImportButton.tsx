import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef } from 'react';
import type { ImportedDocx } from '../../shared/template-import.ts';
import { useCommand } from '../client.ts';
import { bytesToBase64 } from '../ui/base64.ts';
import { ErrorNotice } from '../ui/Notice.tsx';

const mostBytes = 20_000_000;

/** Takes a letter that the firm uses, as Word has it. */
export function ImportButton({ onRead }: { onRead: (fileName: string, read: ImportedDocx) => void }) {
  const picker = useRef<HTMLInputElement>(null);
  const readDocx = useCommand('templates.readDocx');
  const take = async (file: File) => {
    const bytes = file.size > mostBytes ? new Uint8Array() : new Uint8Array(await file.arrayBuffer());
    const read = await readDocx.run({ fileName: file.name.slice(-255), bytes: bytesToBase64(bytes) });
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
      {readDocx.error && <ErrorNotice error={readDocx.error} />}
    </>
  );
}
