/** The warehouse process's module, except that the rescue task named in the environment ends as native code does when it finds damage. */
if (process.argv[3] === process.env['AISM_TEST_ABORT_TASK']) process.abort();
await import('../../../gateway/warehouse-process.ts');
