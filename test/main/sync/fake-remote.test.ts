import type { Role } from '../../../src/shared/session.ts';
import { createFakeServer } from '../../support/fake-remote.ts';
import { presenceContract } from '../../support/presence-contract.ts';
import { remoteContract } from '../../support/remote-contract.ts';
import { snapshotContract } from '../../support/snapshot-contract.ts';

const server = createFakeServer();
const firms = { one: server.addFirm(), two: server.addFirm() };
const world = {
  connect: (firm: 'one' | 'two', role: Role, deviceId?: string) => Promise.resolve(server.signIn(firms[firm], role, deviceId)),
};
remoteContract(world);
presenceContract(world);
snapshotContract(world);
