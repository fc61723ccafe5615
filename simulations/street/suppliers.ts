import { microPerKwh } from '@kwartier/units';
import type { SupplierPlan } from './street-plan.js';

const midnight = 24 * 60;
const sevenInTheMorning = 7 * 60;
const eightInTheEvening = 20 * 60;

const peak = { retailMicroPerKwh: microPerKwh(362_000n), feedInMicroPerKwh: microPerKwh(78_600n) };
const offPeak = { retailMicroPerKwh: microPerKwh(271_000n), feedInMicroPerKwh: microPerKwh(78_600n) };

/** One price at all hours, and one that is dear on working days; the market must serve customers of both side by side. */
export const suppliers: readonly SupplierPlan[] = [
  {
    id: 'stadtwerke',
    name: 'Stadtwerke',
    tariff: {
      id: 'stadtwerke-fix',
      name: 'Fix',
      rates: [
        {
          fromMinute: 0,
          toMinute: midnight,
          weekdays: 'ALL',
          retailMicroPerKwh: microPerKwh(318_000n),
          feedInMicroPerKwh: microPerKwh(78_600n),
        },
      ],
    },
  },
  {
    id: 'windkraft',
    name: 'Windkraft',
    tariff: {
      id: 'windkraft-zeit',
      name: 'Tag und Nacht',
      rates: [
        { fromMinute: 0, toMinute: sevenInTheMorning, weekdays: 'WORKDAYS', ...offPeak },
        { fromMinute: sevenInTheMorning, toMinute: eightInTheEvening, weekdays: 'WORKDAYS', ...peak },
        { fromMinute: eightInTheEvening, toMinute: midnight, weekdays: 'WORKDAYS', ...offPeak },
        { fromMinute: 0, toMinute: midnight, weekdays: 'WEEKEND', ...offPeak },
      ],
    },
  },
];
