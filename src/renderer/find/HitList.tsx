import { IconFile, IconFileDollar, IconFileText, IconMail, IconPhoto, IconReportMedical, IconScale, IconShield } from '@tabler/icons-react';
import { useEffect, useRef, type ComponentType } from 'react';
import type { DocumentKind } from '../../shared/documents.ts';
import type { FindHit, FindWhy } from '../../shared/find.ts';
import { linkWords } from '../../shared/links.ts';
import { kindWords } from '../documents/words.ts';
import { piecesOf } from './pieces.ts';

const icons: Partial<Record<DocumentKind, ComponentType<{ size: number; stroke: number }>>> = {
  Medical_Record: IconReportMedical,
  Bill: IconFileDollar,
  Correspondence: IconMail,
  Photo: IconPhoto,
  Insurance: IconShield,
  Pleading: IconScale,
  Police_Report: IconFileText,
  Incident_Report: IconFileText,
  Testimony: IconFileText,
};

/** The same place in any order of the list. */
export const hitKey = ({ documentId, page, passage }: FindHit): string => `${documentId} ${String(page)} ${String(passage?.start ?? -1)}`;

interface HitListProps {
  hits: readonly FindHit[];
  selected: number;
  /** Of several matters: each says which. */
  isWide: boolean;
  onOpen: (hit: FindHit) => void;
}

export function HitList({ hits, selected, isWide, onOpen }: HitListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [selected, hits]);
  return (
    <ul ref={list} id="find-hits" className="find-hits" role="listbox" aria-label="Places" hidden={hits.length === 0}>
      {hits.map((hit, n) => {
        const Icon = icons[hit.kind] ?? IconFile;
        return (
          <li
            key={hitKey(hit)}
            id={`find-hit-${String(n)}`}
            className="find-hit"
            role="option"
            aria-selected={n === selected}
            onClick={() => {
              onOpen(hit);
            }}
          >
            <span className="find-icon" title={kindWords[hit.kind]}>
              <Icon size={16} stroke={1.6} />
            </span>
            <span className="find-title">
              <strong className="cut">{hit.fileName}</strong>
              {hit.sentence && <span className="quiet nowrap">p. {hit.page}</span>}
              {isWide && <span className="quiet cut">{hit.matterTitle}</span>}
              {hit.why.map((why) => (
                <span key={`${why.how} ${why.asked}`} className="tag tag-hollow nowrap">
                  {whyText(why)}
                </span>
              ))}
            </span>
            <span className="find-snippet">
              {piecesOf(hit.snippet.text, hit.snippet.marks).map(({ text, isMarked, start }) =>
                isMarked ? <mark key={start}>{text}</mark> : text,
              )}
            </span>
            {hit.path.length > 1 && (
              <span className="find-path">
                By{' '}
                {hit.path.map(({ documentId, fileName, page, link }, step) => (
                  <span key={`${documentId} ${String(step)}`}>
                    {fileName}, p. {page}
                    {link && <span className="find-link"> → {linkWords[link.kind][link.isFrom ? 0 : 1].toLowerCase()} → </span>}
                  </span>
                ))}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function whyText({ how, asked, found }: FindWhy): string {
  if (how === 'typo') return `spelled like “${asked}”`;
  if (how === 'synonym') return `another word for “${asked}”`;
  if (how === 'without') return `without “${asked}”`;
  return how === 'name' ? 'the file’s name' : found === '' ? 'by its meaning' : found;
}
