import 'reflect-metadata';
import { runProcess } from '@kwartier/house';

// Where meters come: MQTT and HTTP.
await runProcess('gateway');
