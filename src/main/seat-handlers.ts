import { join } from 'node:path';
import { err, ok, type Nothing, type Outcome } from '../shared/result.ts';
import type { Clock, Dialogs } from './host/host.ts';
import type { SeatHandlers } from './ipc/serve.ts';
import type { Seat } from './seat.ts';
import { listVerdicts, listWaiting } from './sync/activity.ts';
import { writeKeptWork } from './sync/keep-work.ts';
import type { Window } from './window.ts';

interface Outside {
  dialogs: Dialogs;
  clock: Clock;
  exportsFolder: string;
  signOut(window: Window): Promise<Outcome<Nothing>>;
  noteNoRecovery(window: Window): Outcome<Nothing>;
}

/** The calls of a signed-in window, each handed to its feature. */
export function seatHandlers({ dialogs, clock, exportsFolder, signOut, noteNoRecovery }: Outside): SeatHandlers<Seat, Window> {
  return {
    'session.signOut': (_input, _seat, window) => signOut(window),
    'session.noteNoRecovery': (_input, _seat, window) => noteNoRecovery(window),

    'matters.list': (_input, seat) => ok(seat.matters.list()),
    'matters.get': ({ matterId }, seat) => seat.matters.get(matterId),
    'matters.create': async (input, seat) => {
      const created = await seat.matters.create(input);
      if (created.ok && created.value.folderPath !== null) seat.watch(created.value.matterId, created.value.folderPath);
      return created;
    },
    'matters.chooseFolder': async () => {
      if (!dialogs.chooseFolder) return ok({ folder: null, available: false });
      return ok({ folder: await dialogs.chooseFolder(), available: true });
    },

    'cases.view': (_input, seat) => ok(seat.cases.view()),
    'cases.count': async ({ folder }, seat) => ok({ present: await seat.cases.count(folder) }),
    'cases.add': (input, seat) => seat.cases.add(input),
    'cases.remove': ({ folder }, seat) => seat.cases.remove(folder),
    'cases.decide': (input, seat) => seat.cases.decide(input),

    'documents.list': ({ matterId }, seat) => ok(seat.documents.list(matterId)),
    'documents.page': (request, seat) => {
      seat.ingest.ocr.lookAt(request.documentId, request.page);
      return seat.documents.page(request);
    },
    'documents.outline': ({ documentId }, seat) => seat.documents.outline(documentId),
    'documents.findPlaces': (request, seat) => seat.documents.findPlaces(request),
    'documents.turn': (request, seat) => seat.documents.turn(request),
    'documents.retry': ({ documentId }, seat) => seat.ingest.retry(documentId),
    'documents.stopOcr': ({ documentId }, seat) => seat.ingest.ocr.cancel(documentId),
    'documents.setKind': ({ documentId, kind }, seat) => {
      const set = seat.kinds.set(documentId, kind);
      seat.jobs.wake();
      return set;
    },
    'documents.rescan': async ({ matterId }, seat) => {
      await seat.ingest.rescan(matterId);
      return ok({});
    },

    'collaboration.list': ({ letterId }, seat) => seat.collaboration.list(letterId),
    'collaboration.refine': (input, seat) => seat.refining.refine(input),
    'collaboration.stopRefining': ({ letterId }, seat) => seat.refining.stop(letterId),
    'collaboration.refining': ({ letterId }, seat) => ok(seat.refining.state(letterId)),
    'drafting.sections': ({ letterId }, seat) => seat.drafting.sections(letterId),
    'drafting.draft': (input, seat) => seat.drafting.draft(input),
    'drafting.ask': (input, seat) => seat.drafting.ask(input),
    'drafting.stop': ({ letterId }, seat) => seat.drafting.stop(letterId),
    'drafting.state': ({ letterId }, seat) => ok(seat.drafting.state(letterId)),
    'drafting.suggestAnswer': (input, seat) => seat.drafting.suggestAnswer(input),
    'drafting.history': ({ letterId }, seat) => ok(seat.drafting.history(letterId)),
    'collaboration.mentions': (_nothing, seat) => ok(seat.collaboration.mentions()),
    'collaboration.comment': (input, seat) => seat.collaboration.comment(input),
    'collaboration.editComment': (input, seat) => seat.collaboration.editComment(input),
    'collaboration.resolve': ({ collaborationId, isResolved }, seat) => seat.collaboration.resolve(collaborationId, isResolved),
    'collaboration.suggest': (input, seat) => seat.collaboration.suggest(input),
    'collaboration.decide': (input, seat) => seat.collaboration.decide(input),
    'reviews.list': ({ letterId }, seat) => seat.reviews.list(letterId),
    'reviews.asked': (_nothing, seat) => ok(seat.reviews.asked()),
    'reviews.ask': (input, seat) => seat.reviews.ask(input),
    'reviews.answer': (input, seat) => seat.reviews.answer(input),
    'reviews.withdraw': ({ reviewId }, seat) => seat.reviews.withdraw(reviewId),
    'questions.list': ({ matterId }, seat) => ok(seat.questions.list(matterId)),
    'questions.settle': (input, seat) => seat.questions.settle(input),

    'facts.chronology': ({ matterId }, seat) => ok(seat.facts.chronology(matterId)),
    'facts.losses': ({ matterId }, seat) => ok(seat.facts.losses(matterId)),
    'contradictions.list': ({ matterId }, seat) => ok(seat.contradictions.list(matterId)),
    'contradictions.choose': (input, seat) => seat.contradictions.choose(input),

    'find.search': (request, seat) => seat.find.ask(request),
    'find.retrieve': (request, seat) => seat.find.retrieve(request),
    'find.vote': (input, seat) => seat.judging.vote(input),

    'links.of': ({ documentId }, seat) => ok(seat.links.of(documentId)),
    'links.add': (input, seat) => seat.links.add(input),
    'links.decide': (input, seat) => seat.links.decide(input),

    'facts.list': ({ matterId }, seat) => ok(seat.facts.list(matterId)),
    'facts.correct': (input, seat) => seat.facts.correct(input),
    'facts.decide': ({ factIds, decision }, seat) => seat.facts.decide(factIds, decision),
    'facts.ledger': ({ matterId }, seat) => ok(seat.facts.ledger(matterId)),
    'facts.correctBillLine': (input, seat) => seat.facts.correctBillLine(input),
    'facts.decideBillLines': ({ billLineIds, decision }, seat) => seat.facts.decideBillLines(billLineIds, decision),

    'facts.ask': (input, seat) => seat.asking.ask(input),
    'facts.stopAsking': ({ matterId }, seat) => seat.asking.stop(matterId),
    'facts.asked': ({ matterId }, seat) => ok(seat.asking.asked(matterId)),

    'activity.view': ({ days }, seat) => ok(seat.activity.view(days)),

    'settings.assistant': (_input, seat) => seat.settings.assistant(),
    'settings.setAssistant': (policy, seat) => seat.settings.setAssistant(policy),
    'settings.setAssistantKey': ({ key }, seat) => seat.settings.setKey(key),
    'settings.forgetAssistantKey': (_input, seat) => seat.settings.forgetKey(),
    'settings.matterAssistant': ({ matterId }, seat) => seat.settings.matterAssistant(matterId),
    'settings.setMatterAssistant': (input, seat) => seat.settings.setMatterAssistant(input),

    'templates.choices': (_input, seat) => ok(seat.templates.choices()),
    'templates.library': (_input, seat) => ok(seat.templates.library()),
    'templates.open': ({ templateId }, seat) => seat.templates.open(templateId),
    'templates.vocabulary': (_input, seat) => ok(seat.letters.vocabulary()),
    'templates.create': (input, seat) => seat.templates.create(input),
    'templates.readDocx': (input, seat) => seat.templates.readDocx(input),
    'templates.import': (input, seat) => seat.templates.import(input),
    'templates.describe': (input, seat) => seat.templates.describe(input),
    'templates.setDefault': ({ templateId, isDefault }, seat) => seat.templates.setDefault(templateId, isDefault),
    'templates.setActive': ({ templateId, isActive }, seat) => seat.templates.setActive(templateId, isActive),
    'templates.saveDraft': (input, seat) => seat.templates.saveDraft(input),
    'templates.publish': (input, seat) => seat.templates.publish(input),
    'templates.restore': ({ templateId, versionId }, seat) => seat.templates.restore(templateId, versionId),
    'templates.compare': (request, seat) => seat.templates.compare(request),
    'templates.check': ({ content, matterId }, seat) => seat.letters.check(content, matterId),
    'letters.asks': ({ matterId, templateId }, seat) => seat.letters.asks(matterId, templateId),
    'letters.draft': ({ matterId, templateId, ...words }, seat) => seat.letters.draft(matterId, templateId, words),
    'letters.enter': (input, seat) => seat.letters.enter(input),
    'letters.open': ({ letterId }, seat) => seat.letters.open(letterId),
    'letters.edit': ({ letterId, update }, seat) => seat.letters.edit(letterId, new Uint8Array(Buffer.from(update, 'base64'))),
    'letters.findings': ({ letterId }, seat) => seat.letters.findings(letterId),
    'letters.mute': (input, seat) => seat.letters.mute(input),
    'letters.setDemand': ({ letterId, demandCents }, seat) => seat.letters.setDemand(letterId, demandCents),
    'letters.decideLostWords': (input, seat) => seat.letters.decideLostWords(input),
    'letters.archive': ({ letterId }, seat) => seat.letters.archive(letterId),
    'letters.setStatus': ({ letterId, status }, seat) => seat.letters.setStatus(letterId, status),
    'letters.finalize': ({ letterId }, seat) => seat.letters.finalize(letterId),
    'letters.reopen': ({ letterId, reason }, seat) => seat.letters.versions.reopen(letterId, reason),
    'letters.versions': ({ letterId }, seat) => seat.letters.versions.list(letterId),
    'letters.saveVersion': ({ letterId, name, why }, seat) => seat.letters.versions.save(letterId, name, why),
    'letters.compareVersions': (request, seat) => seat.letters.versions.compare(request),
    'letters.restoreVersion': ({ letterId, versionId }, seat) => seat.letters.versions.restore(letterId, versionId),

    'letters.spelling': ({ letterId, words }, seat) => seat.spelling.unknown(letterId, words),
    'letters.spellingMends': ({ letterId, word }, seat) => seat.spelling.mends(letterId, word),
    'settings.spelling': (_input, seat) => ok(seat.spelling.settings()),
    'settings.setSpelling': ({ isOn }, seat) => seat.spelling.setOn(isOn),
    'settings.keepWord': ({ word }, seat) => seat.spelling.keep(word),
    'settings.forgetWord': ({ word }, seat) => seat.spelling.forget(word),

    'presence.attend': (attendance, seat, window) => {
      seat.attend(window.key, attendance);
      const letterId = attendance.at?.letterId;
      return ok(letterId ? { letterId, people: seat.peopleIn(letterId) } : null);
    },

    'export.create': ({ letterId, format, versionId }, seat) => seat.exports.create(letterId, format, versionId),
    'export.list': ({ letterId }, seat) => ok(seat.exports.list(letterId)),
    'export.read': ({ exportId }, seat) => seat.exports.read(exportId),
    'export.reveal': async ({ exportId }, seat) => {
      const path = seat.exports.pathOf(exportId);
      if (!path) return err({ code: 'not_found', what: 'the file, which a colleague made on another laptop,' });
      return ok({ shown: await dialogs.reveal(path) });
    },

    'files.matter': ({ matterId }, seat) => ok(seat.files.matter(matterId)),
    'files.pin': ({ matterId, isPinned }, seat) => seat.files.pin(matterId, isPinned),
    'files.fetch': ({ documentId }, seat) => seat.documents.fetchFile(documentId),
    'files.cancel': ({ documentId }, seat) => seat.documents.cancelFile(documentId),
    'files.storage': (_input, seat) => ok(seat.files.storage()),
    'files.setBudget': ({ budgetGb }, seat) => seat.files.setBudget(budgetGb),

    'sync.status': (_input, seat) => ok(seat.syncStatus()),
    'sync.now': async (_input, seat) => ok(await seat.syncNow()),
    'sync.reconnect': (_input, seat) => {
      seat.reconnect();
      return ok({});
    },
    'sync.conflicts': (_input, seat) => ok(seat.inbox.conflicts()),
    'sync.resolve': ({ conflictId, keep }, seat) => seat.inbox.resolve(conflictId, keep),
    'sync.deadLetters': (_input, seat) => ok(seat.inbox.deadLetters()),
    'sync.decideDeadLetter': ({ mutationId, decision }, seat) => seat.inbox.decide(mutationId, decision),
    'sync.keepDeadLetters': async ({ mutationIds }, seat) => {
      const kept = seat.inbox.keep(mutationIds, clock.now());
      if (!kept.ok) return kept;
      const written = await writeKeptWork(exportsFolder, kept.value);
      if (!written.ok) return written;
      const { folder, files } = written.value;
      return ok({ folder, files, shown: await dialogs.reveal(join(folder, files[0] ?? '')) });
    },
    'sync.waiting': (_input, seat) => ok(listWaiting(seat.store)),
    'sync.verdicts': (_input, seat) => ok(listVerdicts(seat.store)),
    'sync.proposals': (_input, seat) => ok(seat.proposals.lists()),
    'sync.proposalText': ({ letterId, proposalIds }, seat) => seat.proposals.text(letterId, proposalIds),
    'sync.decideProposals': ({ proposalIds, decision }, seat) => seat.proposals.decide(proposalIds, decision),
  };
}
