#include "tests/evidence/peers_output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

double pb_peers_number_from(const char *command, const char *key)
{
    char line[1024];
    double found = 0;
    FILE *output = popen(command, "r");
    if (!output)
        return 0;
    while (fgets(line, sizeof line, output)) {
        const char *at = strstr(line, key);
        if (at)
            found = strtod(at + strlen(key), NULL);
    }
    return pclose(output) == 0 ? found : 0;
}

void pb_peers_first_line(const char *command, char *buf, size_t bytes)
{
    FILE *output = popen(command, "r");
    buf[0] = '\0';
    if (!output)
        return;
    if (!fgets(buf, (int)bytes, output))
        buf[0] = '\0';
    buf[strcspn(buf, "\n")] = '\0';
    (void)pclose(output);
}
