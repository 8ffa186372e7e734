import asyncio


async def run(number):
    child = await asyncio.create_subprocess_exec("sh", "-c", f"echo {number}; exit {number}",
                                                 stdout=asyncio.subprocess.PIPE)
    output, _ = await child.communicate()
    return output, child.returncode


async def main():
    print(await asyncio.gather(*(run(number) for number in range(4))))
    print(await asyncio.to_thread(sum, range(100000)))

asyncio.run(main())
