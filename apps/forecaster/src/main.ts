import 'reflect-metadata';
import { runProcess } from '@kwartier/house';

// Forecasts, and orders for homes.
await runProcess('forecaster');
