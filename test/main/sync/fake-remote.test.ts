import { createFakeServer } from '../../support/fake-remote.ts';
import { remoteContract } from '../../support/remote-contract.ts';

const server = createFakeServer();
const firms = { one: server.addFirm(), two: server.addFirm() };
remoteContract({ connect: (firm, role, deviceId) => Promise.resolve(server.signIn(firms[firm], role, deviceId)) });
