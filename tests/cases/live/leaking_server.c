// What server.py runs: it answers requests on a socket, each a line, and loses one block of 100
// bytes in each. It writes its port on standard output.
//
// expect: nothing lost
#include "live.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum { LOST_BYTES = 100 };

static OWN_FRAME void handle_request(const char *line)
{
    char *session = opaque(malloc(LOST_BYTES)); /* lost */
    char *answer = malloc(64);
    must(session != NULL && answer != NULL);
    memset(session, 0, LOST_BYTES);
    memcpy(session, line, 4);
    free(answer);
}

static OWN_FRAME bool answer(int client)
{
    char line[8];
    ssize_t got = recv(client, line, sizeof line, MSG_WAITALL);
    if (got != (ssize_t)sizeof line)
        return false;
    handle_request(line);
    return send(client, line, sizeof line, 0) == (ssize_t)sizeof line;
}

int main(void)
{
    int server = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t bytes = sizeof address;
    must(bind(server, (struct sockaddr *)&address, bytes) == 0 && listen(server, 8) == 0);
    must(getsockname(server, (struct sockaddr *)&address, &bytes) == 0);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    for (;;) {
        int client = accept(server, NULL, NULL);
        must(client >= 0);
        while (answer(client))
            continue;
        close(client);
    }
}
