import { createPgWorld } from '../support/pg-world.ts';
import { remoteContract } from '../support/remote-contract.ts';

remoteContract(await createPgWorld());
