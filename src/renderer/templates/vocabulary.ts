import { createContext } from 'react';
import type { Vocabulary } from '../../shared/templates.ts';

/** What the template in front may name: what Steno knows, and what the template itself asks. */
export const VocabularyContext = createContext<Vocabulary>({ variables: [], lists: [] });
