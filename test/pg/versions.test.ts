import { createPgWorld } from '../support/pg-world.ts';
import { versionContract } from '../support/version-contract.ts';

const world = await createPgWorld();
versionContract({ connect: world.connect });
