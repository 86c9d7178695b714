interface TabsProps<T extends string> {
  /** What they choose among, for who cannot see it. */
  label: string;
  labels: Record<T, string>;
  current: T;
  /** How many things a view holds that want somebody; 0 and none are not shown. */
  counts?: Partial<Record<T, number>>;
  onPick: (name: T) => void;
}

/** The views of a panel, one of which is shown. */
export function Tabs<T extends string>({ label, labels, current, counts = {}, onPick }: TabsProps<T>) {
  return (
    <div className="tabs" role="tablist" aria-label={label}>
      {(Object.keys(labels) as T[]).map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          aria-selected={name === current}
          onClick={() => {
            onPick(name);
          }}
        >
          {labels[name]}
          {(counts[name] ?? 0) > 0 && <span className="count">{counts[name]}</span>}
        </button>
      ))}
    </div>
  );
}
