import { createFakeServer } from '../../support/fake-remote.ts';
import { versionContract } from '../../support/version-contract.ts';

const server = createFakeServer();
const firms = { one: server.addFirm(), two: server.addFirm() };
versionContract({ connect: (firm, role, deviceId) => Promise.resolve(server.signIn(firms[firm], role, deviceId)) });
