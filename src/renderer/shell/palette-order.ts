interface Entry {
  label?: string | undefined;
  description?: string | undefined;
  keywords?: string | string[] | undefined;
}

/** In each group what is called as was typed before what is told of in such words; of all groups together at most so many. */
export function narrow<E extends Entry>(groups: { group: string; actions: E[] }[], typed: string, most: number): typeof groups {
  const query = typed.trim().toLowerCase();
  const has = (text = ''): boolean => text.toLowerCase().includes(query);
  const isCalledSo = ({ label }: E): boolean => has(label);
  const isToldSo = (entry: E): boolean => !isCalledSo(entry) && [entry.description, entry.keywords].flat().some(has);
  let room = most;
  return groups.flatMap(({ group, actions }) => {
    const kept = [...actions.filter(isCalledSo), ...actions.filter(isToldSo)].slice(0, room);
    room -= kept.length;
    return kept.length === 0 ? [] : [{ group, actions: kept }];
  });
}
