import { describe } from 'vitest';
import { filesContract } from '../support/files-contract.ts';
import { createPgWorld } from '../support/pg-world.ts';

const world = await createPgWorld();

describe('the firm’s Postgres', () => filesContract(world, 'postgres'));
