import { createPublicKey, verify } from 'node:crypto';
import type { Find } from './audit-trade.js';
import { readRules } from './audit-trade.js';
import type { Evidence, SignedMessage, ValueRow } from './evidence.js';
import { Leb128 } from './leb128.js';

/** Every register total was signed by the meter's key, and every value is the difference of two of them. */
export function checkRegisters({ homes, messages, registers, values, intervals }: Evidence, find: Find): void {
  const signed = new Map(messages.map((message) => [message.id, new Set(totalsIn(message.signedBytes))]));
  for (const message of messages)
    if (!isSigned(message)) find(`${message.pointId}: message ${message.id} is not signed by its meter`);
  const seconds = intervals.length > 0 ? readRules(intervals[0]!.rulesBytes).seconds : 900n;
  const lengthMs = Number(seconds) * 1000;
  const valueAt = new Map(values.map((value) => [`${value.pointId} ${value.startsAt}`, value]));
  for (const home of homes) {
    let before = { endsAt: home.installedAt, importWh: home.startImportWh, exportWh: home.startExportWh };
    for (const total of registers.filter(({ pointId }) => pointId === home.pointId)) {
      const { endsAt, importWh, exportWh, messageId } = total;
      if (!signed.get(messageId)?.has(`${endsAt / 1000} ${importWh} ${exportWh}`))
        find(`${home.pointId} ${endsAt}: the register is not in the message it names`);
      const between: ValueRow[] = [];
      for (let at = before.endsAt; at < endsAt; at += lengthMs) {
        const value = valueAt.get(`${home.pointId} ${at}`);
        if (value) between.push(value);
        else find(`${home.pointId} ${at}: two registers around it and no value`);
      }
      const sum = (name: 'importWh' | 'exportWh') => between.reduce((all, value) => all + value[name], 0n);
      if (sum('importWh') !== importWh - before.importWh || sum('exportWh') !== exportWh - before.exportWh)
        find(`${home.pointId} ${before.endsAt}: values do not sum to the difference of the registers`);
      const measured = between.length === 1;
      if (between.some(({ quality }) => (quality === 'MEASURED') !== measured))
        find(`${home.pointId} ${before.endsAt}: measured and estimated are taken for each other`);
      before = total;
    }
  }
}

/** The register totals that a meter signed, as `seconds import export`. */
function totalsIn(signedBytes: Uint8Array): string[] {
  const reader = new Leb128(signedBytes);
  reader.name('kwartier/readings/1\n');
  for (const _ of ['zone', 'point', 'device']) reader.text();
  reader.number();
  let seconds = 0;
  return Array.from({ length: reader.number() }, () => {
    seconds += reader.number();
    return `${seconds} ${reader.varint()} ${reader.varint()}`;
  });
}

/** Each message is verified once, however often its evidence is audited. */
const verified = new WeakMap<SignedMessage, boolean>();
function isSigned(message: SignedMessage): boolean {
  const known = verified.get(message);
  if (known !== undefined) return known;
  const good = isSignedBy(message.publicKey, message.signedBytes, message.signature);
  verified.set(message, good);
  return good;
}

function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
  return verify(undefined, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}
