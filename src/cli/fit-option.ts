import { Option } from 'commander';

/** `--fit`, for every command that fits pictures to a network. @param preset what holds without it. */
export const fitOption = (preset: string): Option =>
  new Option('--fit <how>', `how pictures of other proportions are fitted (default: ${preset})`).choices([
    'crop',
    'letterbox',
    'stretch',
  ]);
