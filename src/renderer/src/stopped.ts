import './theme/tokens.css';
import './theme/base.css';
import { mount } from 'svelte';
import Stopped from './Stopped.svelte';

const target = document.getElementById('app');
if (!target) throw new Error('stopped.html has no #app');
mount(Stopped, { target });
