import './workers';
import 'graphiql/style.css';
import './explorer.css';
import { createRoot } from 'react-dom/client';
import { readConfiguration } from './configuration';
import { Explorer } from './explorer';

const root = document.getElementById('explorer');
if (!root) throw new Error('The page has no element with the id explorer.');
createRoot(root).render(<Explorer {...readConfiguration()} />);
