import 'reflect-metadata';
import { runProcess } from '@kwartier/house';

// Opens, closes, clears, settles and corrects.
await runProcess('market');
