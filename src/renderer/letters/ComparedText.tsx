import type { ReactNode } from 'react';
import type { ComparedLine, ComparedPiece } from '../../shared/versions.ts';

type Rows = ComparedLine[];
const isTyped = ({ type }: ComparedLine): boolean => type === 'tableHead' || type === 'tableRow';
const isRow = (line: ComparedLine): boolean => line.type === 'head' || line.type === 'row' || line.type === 'total' || isTyped(line);
const isHead = ({ type }: ComparedLine): boolean => type === 'head' || type === 'tableHead';

/** Lines of two letters as the letter looks. A line with a change has a bar beside it and can be gone to. */
export function ComparedText({ lines }: { lines: readonly ComparedLine[] }) {
  const parts: (ComparedLine | Rows)[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    if (!isRow(line)) parts.push(line);
    else if (Array.isArray(last) && !isHead(line) && isTyped(line) === last.some(isTyped)) last.push(line);
    // the table of one side begins while the other's goes on: its head follows a head
    else if (Array.isArray(last) && last.at(-1)?.type === line.type) last.push(line);
    else parts.push([line]);
  }
  return (
    <div className="letter-text compared">
      {parts.map((part, at) => (Array.isArray(part) ? <Table key={at} rows={part} /> : <Line key={at} line={part} />))}
    </div>
  );
}

function Line({ line }: { line: ComparedLine }) {
  const { type, level, marker, cells } = line;
  const text = cells.map((cell, at) => (
    <span key={at}>
      {at > 0 && ' '}
      <Pieces pieces={cell} />
    </span>
  ));
  if (type === 'pageBreak')
    return (
      <div className="page-break" {...changeOf(line)}>
        <span className="sr-only">{text}</span>
      </div>
    );
  if (type === 'heading') return <Heading level={level} attributes={changeOf(line)} text={text} />;
  return (
    <p
      {...changeOf(line)}
      data-marker={marker ?? undefined}
      data-footnote={type === 'footnote' || undefined}
      style={level > 0 ? { marginLeft: `${String(level * 28)}px` } : undefined}
    >
      {marker !== null && <span className="marker">{marker} </span>}
      {text}
    </p>
  );
}

function Heading({ level, attributes, text }: { level: number; attributes: object; text: ReactNode }) {
  if (level <= 1) return <h1 {...attributes}>{text}</h1>;
  return level === 2 ? <h2 {...attributes}>{text}</h2> : <h3 {...attributes}>{text}</h3>;
}

function Table({ rows }: { rows: Rows }) {
  const isTypedTable = rows.some(isTyped);
  return (
    <table className={isTypedTable ? 'typed-table' : 'specials'}>
      <caption className="sr-only">{isTypedTable ? 'Table, compared' : 'Medical specials, compared'}</caption>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at} {...changeOf(row)} data-row={row.type}>
            {row.cells.map((cell, column) =>
              isHead(row) ? (
                <th key={column} scope="col">
                  <Pieces pieces={cell} />
                </th>
              ) : (
                <td key={column}>
                  <Pieces pieces={cell} />
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function changeOf({ kind }: ComparedLine): object {
  return kind === 'same' ? {} : { 'data-change': kind, tabIndex: -1 };
}

function Pieces({ pieces }: { pieces: readonly ComparedPiece[] }) {
  return pieces.map((piece, at) => {
    const text = looked(piece);
    if (piece.kind === 'added') return <ins key={at}>{text}</ins>;
    if (piece.kind === 'removed') return <del key={at}>{text}</del>;
    return <span key={at}>{text}</span>;
  });
}

function looked({ text, bold, italic, underline, chip, note }: ComparedPiece): ReactNode {
  if (note === true) return <sup className="footnote-mark">{text}</sup>;
  let shown: ReactNode = text;
  if (chip === true) shown = <span className="compared-chip">{shown}</span>;
  if (underline === true) shown = <u>{shown}</u>;
  if (italic === true) shown = <em>{shown}</em>;
  return bold === true ? <strong>{shown}</strong> : shown;
}
