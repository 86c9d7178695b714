import { createFakeServer, tableOf } from '../../support/fake-remote.ts';
import { proposalContract, type ProposalWorld } from '../../support/proposal-contract.ts';
import { remarkContract } from '../../support/remark-contract.ts';

const server = createFakeServer();
const firms = { one: server.addFirm(), two: server.addFirm() };

const late: ProposalWorld = {
  connect: (firm, role, deviceId) => Promise.resolve(server.signIn(firms[firm], role, deviceId)),
  async withRole(remote, role, work) {
    const { role: before } = await remote.whoami();
    server.setRole(remote, role);
    try {
      return await work();
    } finally {
      server.setRole(remote, before);
    }
  },
  async remove(remote, entity, id, forGood) {
    const { firmId } = await remote.whoami();
    const firm = Object.values(firms).find((one) => one.firmId === String(firmId));
    const table = firm && tableOf(firm, entity);
    const found = table?.get(id);
    if (forGood) table?.delete(id);
    else if (found) found.row['deleted_at'] = '2026-01-01T00:00:00Z';
  },
};

proposalContract(late);
remarkContract(late);
