/** The command table as a commander program. Commander's own errors end with exit code 2. */
import { CommanderError, InvalidArgumentError, Option, Command as Program } from "commander";
import { version } from "../base/version.js";
import type { Command, Flag } from "./command.js";
import { commands } from "./commands.js";
import { type ExitCode, exit, UsageError } from "./exit.js";
import type { Terminal } from "./terminal.js";

function toOption(flag: Flag): Option {
  const option = new Option(flag.flags, flag.doc);
  const { read } = flag;
  if (read) {
    option.argParser((text: string, previous: unknown) => {
      try {
        return read(text, previous);
      } catch (error) {
        if (error instanceof UsageError) throw new InvalidArgumentError(error.message);
        throw error;
      }
    });
  }
  return option;
}

function examplesOf(command: Command): string {
  const width = Math.max(...command.examples.map(([line]) => line.length));
  return `\nExamples:\n${command.examples.map(([line, what]) => `  ${line.padEnd(width)}  # ${what}`).join("\n")}\n`;
}

const leastHelpWidth = 60;

/** Runs the command that the arguments name and returns its exit code. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exit.ok;
  const program = new Program("blo")
    .description("Bilevel optimisation: write the mathematics, get a certified answer.")
    .version(version, "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      // two columns need some room: the terminal breaks lines where there is less
      getOutHelpWidth: () => Math.max(leastHelpWidth, terminal.width),
      getErrHelpWidth: () => Math.max(leastHelpWidth, terminal.widthErr),
    })
    .configureHelp({ minWidthToWrap: 16 })
    .showHelpAfterError("(blo --help lists the commands and options)")
    .addHelpText(
      "after",
      "\nblo COMMAND --help shows the options of a command; blo explain CODE explains a message.\n",
    );
  for (const command of commands) {
    const sub = program.command(command.name).description(command.summary).addHelpText("after", examplesOf(command));
    sub.showHelpAfterError(`(blo ${command.name} --help lists its options)`);
    for (const { name, doc } of command.arguments) sub.argument(name, doc);
    for (const flag of command.flags) sub.addOption(toOption(flag));
    sub.action(async (...given: unknown[]) => {
      const args = given
        .slice(0, command.arguments.length)
        .flat()
        .filter((a) => a !== undefined) as string[];
      const action = await command.load();
      code = await action(args, sub.opts(), terminal);
    });
  }
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.code === "commander.unknownCommand" && /\.blo$/.test(args[0] ?? "")) {
      terminal.err(`hint: to solve a problem file: blo run ${args[0]}\n`);
    }
    if (error instanceof UsageError) {
      terminal.err(`error: ${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ""}`);
      return exit.usage;
    }
    // Help and version are answers, everything else that commander ends with is wrong usage.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage;
    throw error;
  }
  return code;
}
