/* A plugin for tests, built twice with different PLUGIN_NAME: calls what it is given. */
void PLUGIN_NAME(void (*callee)(void));

void PLUGIN_NAME(void (*callee)(void))
{
    char room[PLUGIN_FRAME_BYTES]; /* the two copies have different rows at the same address */
    __asm__ volatile("" ::"r"(room) : "memory");
    callee();
    __asm__ volatile("" ::"r"(room) : "memory");
}
