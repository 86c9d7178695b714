/** A name as chips carry it: lower case, digits, underscores. */
export const nameShape = /^[a-z][a-z0-9_]{0,63}$/;

export interface Resolved {
  text: string;
  /** Sentences for the person who wrote the template. */
  problems: string[];
}

/**
 * Decides `{{#if name}} ... {{else}} ... {{/if}}` (they nest) and leaves every other tag as it stands. A condition that
 * stands alone on its line takes the line with it. A condition that cannot be understood is reported; what it holds is
 * kept, so that a slip in a template never hides text.
 */
export function resolveConditions(content: string, isKnown: (name: string) => boolean): Resolved {
  const text = content.replace(/\r\n?/g, '\n').replace(/^[ \t]*((?:\{\{(?:#if\b[^{}]*|else|\/if)\}\})+)[ \t]*\n/gm, '$1');
  const problems: string[] = [];
  const open: { name: string; holds: boolean; inElse: boolean; hadElse: boolean }[] = [];
  let kept = '';
  const shown = (): boolean => open.every(({ holds, inElse }) => holds !== inElse);
  for (const part of text.split(/(\{\{(?:#if\b[^{}]*|else|\/if)\}\})/)) {
    const condition = /^\{\{#if\b\s*([^{}]*?)\s*\}\}$/.exec(part);
    const last = open.at(-1);
    if (condition) {
      const name = (condition[1] ?? '').toLowerCase();
      const isName = nameShape.test(name);
      if (!isName) problems.push(`“${part}” does not name a variable; the text inside is kept.`);
      open.push({ name, holds: !isName || isKnown(name), inElse: false, hadElse: false });
    } else if (part === '{{else}}') {
      if (!last || last.hadElse) problems.push('“{{else}}” stands outside of an {{#if}}.');
      else Object.assign(last, { inElse: true, hadElse: true });
    } else if (part === '{{/if}}') {
      if (open.pop() === undefined) problems.push('“{{/if}}” closes nothing.');
    } else if (shown()) kept += part;
  }
  for (const { name } of open) problems.push(`“{{#if ${name}}}” is never closed.`);
  return { text: kept, problems };
}
