import type { Remote } from '../../src/main/sync/remote.ts';
import { createPgWorld } from '../support/pg-world.ts';
import { proposalContract, type ProposalWorld } from '../support/proposal-contract.ts';
import { remarkContract } from '../support/remark-contract.ts';

const world = await createPgWorld();
const { admin } = world;
const tables = { matter: 'matter', letter: 'demand_letter' };

const setRole = async (remote: Remote, role: string): Promise<void> => {
  const { firmId, userId } = await remote.whoami();
  await admin.query(`update steno."user" set role = $3 where firm_id = $1 and user_id = $2`, [firmId, userId, role]);
};

const late: ProposalWorld = {
  connect: world.connect,
  async withRole(remote, role, work) {
    const { role: before } = await remote.whoami();
    await setRole(remote, role);
    try {
      return await work();
    } finally {
      await setRole(remote, before);
    }
  },
  async remove(remote, entity, id, forGood) {
    const { firmId } = await remote.whoami();
    const table = `steno.${tables[entity]}`;
    const statement = forGood ? `delete from ${table}` : `update ${table} set deleted_at = now()`;
    await admin.query(`${statement} where firm_id = $1 and ${entity}_id = $2`, [firmId, id]);
  },
};

proposalContract(late);
remarkContract(late);
