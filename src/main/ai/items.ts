/** Takes the things of the first list in a JSON object out as they become whole, while the rest of it is still on its way. */
export interface ItemReader {
  /** Takes the next piece; gives what became whole with it. What is no JSON by itself is left out. */
  add(json: string): unknown[];
}

/** Looks at each character once. Reads no structure: the whole answer is parsed and checked when it is there, this is for eyes only. */
export function createItemReader(): ItemReader {
  let [depth, listAt, isInText, isEscaped, item] = [0, -1, false, false, ''];
  let isOver = false;
  return {
    add(json) {
      const whole: unknown[] = [];
      for (const character of json) {
        if (isOver) break;
        if (listAt >= 0 && depth > listAt) item += character;
        if (isInText) {
          if (isEscaped) isEscaped = false;
          else if (character === '\\') isEscaped = true;
          else if (character === '"') isInText = false;
          continue;
        }
        if (character === '"') isInText = true;
        else if (character === '[' || character === '{') {
          depth += 1;
          if (character === '[' && listAt < 0) listAt = depth;
          else if (depth === listAt + 1) item = character;
        } else if (character === ']' || character === '}') {
          depth -= 1;
          if (depth === listAt) whole.push(...parsed(item));
          if (listAt >= 0 && depth < listAt) isOver = true;
        }
      }
      return whole;
    },
  };
}

function parsed(json: string): unknown[] {
  try {
    return [JSON.parse(json) as unknown];
  } catch {
    return [];
  }
}
