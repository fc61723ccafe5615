/** What an account counts in: nano-credits or watt-hours. Both are booked twice, so neither is ever made or lost. */
export type Asset = 'CREDIT' | 'WH';

/** A home's account belongs to the participant at the point, so a successor starts from nothing. */
export const homeAccount = (participantId: string, pointId: string): string => `home/${participantId}/${pointId}`;

/** Where a zone's fees go. */
export const feeAccount = (zoneId: string): string => `fees/${zoneId}`;
