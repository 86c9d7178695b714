import { createFakeServer, type FakeFirm } from '../../../support/fake-remote.ts';
import { filesContract } from '../../../support/files-contract.ts';

const server = createFakeServer();
const firms: Record<'one' | 'two', FakeFirm> = { one: server.addFirm(), two: server.addFirm() };
filesContract({ connect: (firm, role, deviceId) => Promise.resolve(server.signIn(firms[firm], role, deviceId)) }, 'postgres');
