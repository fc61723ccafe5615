import { cost, type MicroPerKwh, type Nano, nano, type Wh, wh } from '@kwartier/units';

export interface LineInput {
  readonly importWh: Wh;
  readonly exportWh: Wh;
  readonly boughtWh: Wh;
  readonly soldWh: Wh;
  /** Undefined where nothing traded. */
  readonly priceMicroPerKwh: MicroPerKwh | undefined;
  readonly buyerFeeMicroPerKwh: MicroPerKwh;
  readonly sellerFeeMicroPerKwh: MicroPerKwh;
  readonly retailMicroPerKwh: MicroPerKwh;
  readonly feedInMicroPerKwh: MicroPerKwh;
}

/** One interval of one home in money: the neighbours' part, the supplier's part, and what the own tariff alone had cost. */
export interface LineMoney {
  readonly localPaidNano: Nano;
  readonly localEarnedNano: Nano;
  readonly feesNano: Nano;
  readonly supplierPaidNano: Nano;
  readonly supplierEarnedNano: Nano;
  readonly ownTariffNano: Nano;
  readonly savedNano: Nano;
}

/** Exact in nano-credits. Local Wh move at the one price, every other Wh stays at its owner's own tariff. */
export function lineMoney(input: LineInput): LineMoney {
  const price = input.priceMicroPerKwh ?? (0n as MicroPerKwh);
  const localPaidNano = cost(input.boughtWh, price);
  const localEarnedNano = cost(input.soldWh, price);
  const feesNano = nano(
    cost(input.boughtWh, input.buyerFeeMicroPerKwh) + cost(input.soldWh, input.sellerFeeMicroPerKwh),
  );
  const supplierPaidNano = cost(wh(input.importWh - input.boughtWh), input.retailMicroPerKwh);
  const supplierEarnedNano = cost(wh(input.exportWh - input.soldWh), input.feedInMicroPerKwh);
  const ownTariffNano = nano(
    cost(input.importWh, input.retailMicroPerKwh) - cost(input.exportWh, input.feedInMicroPerKwh),
  );
  const netNano = localPaidNano + feesNano + supplierPaidNano - localEarnedNano - supplierEarnedNano;
  return {
    localPaidNano,
    localEarnedNano,
    feesNano,
    supplierPaidNano,
    supplierEarnedNano,
    ownTariffNano,
    savedNano: nano(ownTariffNano - netNano),
  };
}
