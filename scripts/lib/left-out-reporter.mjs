/** Vitest's reporter of what was not run: lists at the end, by file, the groups of tests that were left out. */
export default class LeftOutReporter {
  onInit(vitest) {
    this.vitest = vitest;
  }

  onTestRunEnd(files) {
    // If tests were selected by name, the others are not reported.
    if (this.vitest.config.testNamePattern) return;
    const lines = files.flatMap((file) => {
      const names = [...file.children.allTests('skipped')].map(({ parent, name }) =>
        parent.type === 'suite' ? parent.fullName : name,
      );
      return [...new Set(names)].map((name) => `  ${file.relativeModuleId}: ${name}`);
    });
    if (lines.length > 0) console.log(`\nLeft out, groups of tests: ${lines.length}\n${lines.join('\n')}\n`);
  }
}
