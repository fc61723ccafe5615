/** The types that other rooms hang their fields on, for their `adapters/graphql` only. */
export { PointType, ZoneType } from './adapters/graphql/identity.types.js';
