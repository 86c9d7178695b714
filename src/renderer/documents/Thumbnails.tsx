import { useEffect, useRef, useState } from 'react';
import type { DocumentId } from '../../shared/ids.ts';
import { useCall } from '../client.ts';

interface ThumbnailsProps {
  documentId: DocumentId;
  pageCount: number;
  current: number;
  onTurn: (page: number) => void;
}

/** Small pages to jump by. Each is asked for when it comes on screen: a record may have hundreds. */
export function Thumbnails({ documentId, pageCount, current, onTurn }: ThumbnailsProps) {
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <nav className="thumbnails" aria-label="Pages" ref={strip}>
      {Array.from({ length: pageCount }, (_, index) => (
        <Thumbnail key={index} documentId={documentId} page={index + 1} isCurrent={index + 1 === current} onTurn={onTurn} />
      ))}
    </nav>
  );
}

function Thumbnail({
  documentId,
  page,
  isCurrent,
  onTurn,
}: {
  documentId: DocumentId;
  page: number;
  isCurrent: boolean;
  onTurn: (page: number) => void;
}) {
  const element = useRef<HTMLButtonElement>(null);
  const [wasSeen, setWasSeen] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setWasSeen(true);
      },
      { rootMargin: '200px' },
    );
    observer.observe(element.current);
    return () => {
      observer.disconnect();
    };
  }, []);
  const view = useCall('documents.page', { documentId, page, widthPx: 120 }, { enabled: wasSeen });
  const image = view.data?.image;
  return (
    <button
      ref={element}
      type="button"
      className="thumbnail"
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={`Page ${String(page)}`}
      onClick={() => {
        onTurn(page);
      }}
    >
      <span>{image ? <img src={`data:${image.mediaType};base64,${image.base64}`} alt="" draggable={false} /> : null}</span>
      {page}
    </button>
  );
}
