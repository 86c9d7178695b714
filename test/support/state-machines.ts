/** Who may take a step: everybody who may write the entity, or only attorneys and admins. A step that is not listed nobody may. */
type Step = 'writers' | 'attorneys';

export interface StateMachine {
  entity: string;
  table: string;
  id: string;
  column: string;
  /** From each state, the steps out of it. */
  steps: Record<string, Record<string, Step>>;
  /** What a row in this state holds besides, so that it is whole; null where another state needs it. */
  in: Record<string, Record<string, unknown>>;
  /** Of these columns, what a client sends with the step. */
  sent: string[];
  /** The code for a paralegal who tries a step of the attorneys', and for any step out of a state that is over; otherwise status_transition. */
  attorneysOnly?: Record<string, string>;
  over?: Record<string, string>;
}

const then = '2026-01-01T00:00:00Z';
const undecided = { decided_at: null, decision_reason: null };
const decided = { decided_at: then, decision_reason: 'x' };

/** Every table whose rows go from state to state by rules of the database. */
export const stateMachines: StateMachine[] = [
  {
    entity: 'letter',
    table: 'demand_letter',
    id: 'letter_id',
    column: 'status',
    steps: {
      Draft: { In_Review: 'writers', Finalized: 'attorneys' },
      In_Review: { Draft: 'writers', Finalized: 'attorneys' },
      Finalized: { Draft: 'attorneys', Exported: 'writers', Archived: 'attorneys' },
      Exported: { Draft: 'attorneys', Archived: 'attorneys' },
      Archived: {},
    },
    in: {
      Draft: { finalized_at: null },
      In_Review: { finalized_at: null },
      Finalized: { finalized_at: then },
      Exported: { finalized_at: then },
      Archived: { finalized_at: then },
    },
    sent: [],
    attorneysOnly: { Draft: 'status_transition', Finalized: 'finalize_needs_attorney', Archived: 'archive_needs_attorney' },
  },
  {
    entity: 'ai_refinement',
    table: 'ai_refinement',
    id: 'refinement_id',
    column: 'status',
    steps: {
      Pending: { Processing: 'writers', Failed: 'writers' },
      Processing: { Completed: 'writers', Failed: 'writers' },
      Completed: {},
      Failed: {},
    },
    in: {
      Pending: { output_content: null, error_message: null, completed_at: null, requested_by: null },
      Processing: { output_content: null, error_message: null, completed_at: null, requested_by: null },
      Completed: { output_content: 'x', error_message: null, completed_at: then, requested_by: null },
      Failed: { output_content: null, error_message: 'x', completed_at: then, requested_by: null },
    },
    sent: ['output_content', 'error_message'],
    over: { Completed: 'refinement_finished', Failed: 'refinement_finished' },
  },
  {
    entity: 'document_link',
    table: 'document_link',
    id: 'link_id',
    column: 'state',
    steps: {
      proposed: { approved: 'writers', rejected: 'writers' },
      approved: { rejected: 'writers' },
      rejected: { approved: 'writers' },
    },
    in: { proposed: undecided, approved: decided, rejected: decided },
    sent: ['decision_reason'],
  },
  {
    entity: 'contract',
    table: 'contract',
    id: 'contract_id',
    column: 'status',
    steps: { Active: { Cancelled: 'writers' }, Cancelled: { Active: 'writers', Refunded: 'writers' }, Refunded: {} },
    in: { Active: { cancelled_on: null }, Cancelled: { cancelled_on: '2026-01-01' }, Refunded: { cancelled_on: '2026-01-01' } },
    sent: ['cancelled_on'],
  },
  {
    entity: 'extraction',
    table: 'extraction',
    id: 'extraction_id',
    column: 'status',
    steps: {
      pending: { approved: 'writers', rejected: 'writers' },
      approved: {},
      rejected: { pending: 'writers' },
    },
    in: { pending: undecided, approved: decided, rejected: decided },
    sent: ['decision_reason'],
    over: { approved: 'extraction_approved' },
  },
  {
    entity: 'upload',
    table: 'upload',
    id: 'upload_id',
    column: 'status',
    steps: {
      pending: { processing: 'writers', failed: 'writers' },
      processing: { completed: 'writers', failed: 'writers' },
      completed: {},
      failed: { pending: 'writers' },
    },
    in: {
      pending: { extraction_result: null, error_message: null, processed_at: null },
      processing: { extraction_result: null, error_message: null, processed_at: null },
      completed: { extraction_result: {}, error_message: null, processed_at: then },
      failed: { extraction_result: null, error_message: 'x', processed_at: then },
    },
    sent: ['extraction_result', 'error_message'],
  },
];

/** Tables with states that may follow each other in any order, and why. */
export const freeStates: Record<string, string> = {
  matter: 'a closed matter may be opened again',
  fact: 'a decision may be changed; conflicts and audit keep who decided what',
  bill_line: 'as fact',
  source_document: 'the machine’s own state, derived anew on each laptop',
  conflict: 'a choice may be made again',
  contact: 'as fact',
  user_presence: 'people come and go',
  letter_presence: 'as user_presence',
};

/** Tables whose states have rules that ask for more than a role: tried in test/pg/rooms-rules.test.ts, and in test/pg/proposals.test.ts. */
export const statesOfRooms = ['room', 'room_participant', 'message', 'robot_interaction', 'escalation', 'proposal'];
