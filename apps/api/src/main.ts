import 'reflect-metadata';
import { runProcess } from '@kwartier/house';

// GraphQL, subscriptions and the page.
await runProcess('api');
