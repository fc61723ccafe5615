/** Runs a script's work; a failure is one readable line and exit code 1, its stack only for those who ask. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    console.error(process.env.DEBUG ? error : `✘ ${error.message}`);
    process.exit(1);
  }
}
